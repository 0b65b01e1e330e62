package dev.pearlroutes.deploy;

/** Where in its work the campaign kills the program; each is seen from outside. */
enum Seam {
    STARTING("the process has only just started"),
    JOURNAL("the send journal is made anew"),
    CLAIM("a folder appears in work/"),
    PLAN("intents appear in the ledger"),
    MARK("a request is noted in the send journal"),
    SENT("the API has a lead and has not answered"),
    UNDONE("the API has a request and drops it undone"),
    ANSWERED("the API has just answered, outcomes on their way to the ledger"),
    RESULTS("a result file is being written"),
    RECEIPT("the file is in done/, its receipt not yet"),
    WRITTEN("the receipt is there, the ledger does not know"),
    SINK("events are appended to the results"),
    LOOK_UP("an unknown lead is looked up"),
    PAUSE("a pause is in the ledger, and once more when its end is"),
    RANDOM("a random instant");

    final String words;

    Seam(String words) {
        this.words = words;
    }
}
