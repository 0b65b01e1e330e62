package dev.pearlroutes.model;

import java.util.Optional;
import java.util.stream.Stream;

/** A value of one of the API's enumerations, which are open: a code that is missing here is no error. */
public interface ApiCode {
    /** Returns the number on the wire. */
    int code();

    /** Returns the word of the vendor's page. */
    String apiName();

    /** Finds the value with a code; empty for one that the vendor has added since. */
    static <C extends ApiCode> Optional<C> ofCode(C[] values, int code) {
        return Stream.of(values).filter(value -> value.code() == code).findFirst();
    }

    /** Finds the value with a word, in any case; empty when there is none. */
    static <C extends ApiCode> Optional<C> ofName(C[] values, String name) {
        return Stream.of(values)
                .filter(value -> value.apiName().equalsIgnoreCase(name))
                .findFirst();
    }
}
