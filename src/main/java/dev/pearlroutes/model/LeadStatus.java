package dev.pearlroutes.model;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The known values of a lead's {@code status}, which are also those of a call's {@code conversationStatus}, as the vendor's
 * v1 pages list them. The enumeration is open: a code that is missing here is no error and is never final. Which of
 * them end a call, or the calling of a lead, is configured: {@link FinalStatuses}.
 */
public enum LeadStatus {
    NEW(1, "New"),
    NEED_RETRY(10, "NeedRetry"),
    IN_CALL_QUEUE(20, "InCallQueue"),
    WRONG_COUNTRY_CODE(30, "WrongCountryCode"),
    ON_CALL(40, "OnCall"),
    VOICE_MAIL_LEFT(70, "VoiceMailLeft"),
    SUCCESS(100, "Success"),
    /** Spelled as the API spells it. */
    NOT_SUCCESSFULL(110, "NotSuccessfull"),
    COMPLETED(130, "Completed"),
    UNREACHABLE(150, "Unreachable"),
    BLACKLISTED(220, "Blacklisted"),
    QUEUE_ABANDON(300, "QueueAbandon"),
    /** Nothing says whether the platform goes on after it, so by default it does not count as final. */
    ERROR(500, "Error");

    private final int code;
    private final String apiName;

    LeadStatus(int code, String apiName) {
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
    public static Optional<LeadStatus> ofCode(int code) {
        return Stream.of(values()).filter(status -> status.code == code).findFirst();
    }

    /** The status of this API name, in any case; empty when there is none. */
    public static Optional<LeadStatus> ofName(String name) {
        return Stream.of(values())
                .filter(status -> status.apiName.equalsIgnoreCase(name))
                .findFirst();
    }
}
