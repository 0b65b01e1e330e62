package dev.pearlroutes.leads;

import dev.pearlroutes.nlpearl.Answer;

/** A request and what came back. */
public record Sent(Request request, Answer answer) {}
