package dev.pearlroutes.model;

import java.util.Map;

/**
 * A lead in the terms of Add Lead's request body.
 *
 * @param phoneNumber E.164 with {@code +}
 * @param externalId the customer's own key of the lead; null when the row has none
 * @param timeZoneId a Windows time zone name; null when the row has none
 * @param callData variable id to Boolean, Long, Double or String; empty when there is none
 * @param formerId what named the lead before ids were cleaned; null when that is the same
 */
public record Lead(
        String phoneNumber, String externalId, String timeZoneId, Map<String, Object> callData, FormerId formerId) {
    /** Hides personal data, which must not reach a log by accident. */
    @Override
    public String toString() {
        return "Lead[…]";
    }
}
