package dev.pearlroutes.nlpearl;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The known values of a lead's {@code status}, which are also those of a call's {@code conversationStatus}, as the vendor's
 * v1 pages list them. The enumeration is open: a code that is missing here is no error and is never final. Which of
 * them end a call is configured: {@link FinalStatuses}.
 */
public enum LeadStatus {
    NEW(1, "New", false),
    NEED_RETRY(10, "NeedRetry", false),
    IN_CALL_QUEUE(20, "InCallQueue", false),
    WRONG_COUNTRY_CODE(30, "WrongCountryCode", true),
    ON_CALL(40, "OnCall", false),
    VOICE_MAIL_LEFT(70, "VoiceMailLeft", false),
    SUCCESS(100, "Success", true),
    /** Spelled as the API spells it. */
    NOT_SUCCESSFULL(110, "NotSuccessfull", true),
    COMPLETED(130, "Completed", true),
    UNREACHABLE(150, "Unreachable", true),
    BLACKLISTED(220, "Blacklisted", true),
    QUEUE_ABANDON(300, "QueueAbandon", false),
    /** Nothing says whether the platform goes on after it, so it does not count as final. */
    ERROR(500, "Error", false);

    private final int code;
    private final String apiName;
    private final boolean finalForLead;

    LeadStatus(int code, String apiName, boolean finalForLead) {
        this.code = code;
        this.apiName = apiName;
        this.finalForLead = finalForLead;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The word of the vendor's page. */
    public String apiName() {
        return apiName;
    }

    /** Whether the platform does nothing more for a lead in this status. */
    public boolean finalForLead() {
        return finalForLead;
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
