package dev.pearlroutes.model;

import java.util.Optional;

/**
 * The known values of a call's technical {@code status} [D]. The code 2 occurs undocumented [S].
 */
public enum CallStatus implements ApiCode {
    IN_PROGRESS(3, "InProgress"),
    COMPLETED(4, "Completed"),
    BUSY(5, "Busy"),
    FAILED(6, "Failed"),
    NO_ANSWER(7, "NoAnswer"),
    CANCELED(8, "Canceled");

    private final int code;
    private final String apiName;

    CallStatus(int code, String apiName) {
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

    /** Finds the status with a code; empty for one that the vendor has added since. */
    public static Optional<CallStatus> ofCode(int code) {
        return ApiCode.ofCode(values(), code);
    }

    /** Finds the status with a word of the vendor's page, in any case; empty when there is none. */
    public static Optional<CallStatus> ofName(String name) {
        return ApiCode.ofName(values(), name);
    }
}
