/**
 * What a file would do, and whether a person must agree first.
 *
 * <ul>
 *   <li><b>Guarantees:</b> a file above a limit sends nothing before it is approved; a preflight sends nothing and changes
 *       nothing.
 *   <li><b>May touch:</b> sending, receipts, suppression, mapping, and what these may touch.
 *   <li><b>Words:</b> limit, approval, preflight, dry run.
 * </ul>
 */
package dev.pearlroutes.approval;
