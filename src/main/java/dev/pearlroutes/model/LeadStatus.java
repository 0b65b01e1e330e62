package dev.pearlroutes.model;

import java.util.Optional;

/**
 * The known values of a lead's {@code status} and of a call's {@code conversationStatus}, as the vendor's v1 pages list them [D]. A code
 * that is missing here is never final. Which of them end a call, or the calling of a lead, is configured: {@link FinalStatuses}.
 */
public enum LeadStatus implements ApiCode {
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
    /** Not final by default: nothing says whether the platform continues after it [?]. */
    ERROR(500, "Error");

    private final int code;
    private final String apiName;

    LeadStatus(int code, String apiName) {
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
    public static Optional<LeadStatus> ofCode(int code) {
        return ApiCode.ofCode(values(), code);
    }

    /** Finds the status with a word of the vendor's page, in any case; empty when there is none. */
    public static Optional<LeadStatus> ofName(String name) {
        return ApiCode.ofName(values(), name);
    }
}
