/**
 * What is told to people who do not look: which troubles began and ended, and what happened once, as events for {@code ops.sinks} and as
 * mails. What is a trouble the other rooms say; here it is compared with what was told before, in the ledger.
 */
package dev.pearlroutes.ops;
