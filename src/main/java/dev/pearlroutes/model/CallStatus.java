package dev.pearlroutes.model;

import java.util.Optional;

/**
 * The known values of a call's technical {@code status} [D]. The enumeration is open: 2 occurs undocumented [S], and an
 * unknown code is no error.
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

    /** Returns the status with this code; empty for one that the vendor added since. */
    public static Optional<CallStatus> ofCode(int code) {
        return ApiCode.ofCode(values(), code);
    }

    /** Returns the status with this API name, in any case; empty when there is none. */
    public static Optional<CallStatus> ofName(String name) {
        return ApiCode.ofName(values(), name);
    }
}
