package dev.pearlroutes.model;

import java.util.Optional;
import java.util.stream.Stream;

/** A value of one of the API's open enumerations: a number on the wire and a word on the vendor's pages. */
public interface ApiCode {
    /** The number on the wire. */
    int code();

    /** The word of the vendor's page. */
    String apiName();

    /** Returns the value with this code; empty for one that the vendor added since. */
    static <T extends ApiCode> Optional<T> ofCode(T[] values, int code) {
        return Stream.of(values).filter(value -> value.code() == code).findFirst();
    }

    /** Returns the value with this API name, in any case; empty when there is none. */
    static <T extends ApiCode> Optional<T> ofName(T[] values, String name) {
        return Stream.of(values)
                .filter(value -> value.apiName().equalsIgnoreCase(name))
                .findFirst();
    }
}
