/** What stands between a lead file and its sending: the preflight, the limits above which a person is asked, and the waves. */
package dev.pearlroutes.guards;
