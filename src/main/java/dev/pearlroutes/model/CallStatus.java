package dev.pearlroutes.model;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The known values of a call's technical {@code status} [D]. The enumeration is open: 2 occurs undocumented [S], and an
 * unknown code is no error.
 */
public enum CallStatus {
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

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The word of the vendor's page. */
    public String apiName() {
        return apiName;
    }

    /** The status with this code; empty for one the vendor added since. */
    public static Optional<CallStatus> ofCode(int code) {
        return Stream.of(values()).filter(status -> status.code == code).findFirst();
    }

    /** The status of this API name, in any case; empty when there is none. */
    public static Optional<CallStatus> ofName(String name) {
        return Stream.of(values())
                .filter(status -> status.apiName.equalsIgnoreCase(name))
                .findFirst();
    }
}
