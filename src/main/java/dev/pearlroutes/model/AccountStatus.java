package dev.pearlroutes.model;

import java.util.Optional;

/** The known values of the account's {@code status} [D]. */
public enum AccountStatus implements ApiCode {
    FULL_ACCESS(1, "FullAccess"),
    LIMITED_ACCESS(2, "LimitedAccess"),
    NO_CREDITS(3, "NoCredits"),
    SUSPENDED_ACCOUNT(4, "SuspendedAccount"),
    DEBT_REACHED(5, "DebtReached");

    private final int code;
    private final String apiName;

    AccountStatus(int code, String apiName) {
        this.code = code;
        this.apiName = apiName;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String apiName() {
        return apiName;
    }

    /** Tells whether the account can call anybody. */
    public boolean canCall() {
        return this == FULL_ACCESS || this == LIMITED_ACCESS;
    }

    /** Finds the status with a code; empty for one that the vendor has added since. */
    public static Optional<AccountStatus> ofCode(int code) {
        return ApiCode.ofCode(values(), code);
    }
}
