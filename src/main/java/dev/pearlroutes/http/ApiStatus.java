package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.calls.SearchSchedule;
import dev.pearlroutes.model.AccountStatus;
import dev.pearlroutes.model.ApiCode;
import dev.pearlroutes.nlpearl.Account;
import dev.pearlroutes.nlpearl.AddLeadHolds;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.suppression.Suppression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the program knows of the API: the account, the pace, and whether each outbound may send. */
public final class ApiStatus implements StatusPart {
    private final Asked asked;
    private final Account account;
    private final AdaptiveRate rate;
    private final CircuitBreakers breakers;
    private final Suppression suppression;
    private final SearchSchedule searches;

    public ApiStatus(
            Asked asked,
            Account account,
            AdaptiveRate rate,
            CircuitBreakers breakers,
            Suppression suppression,
            SearchSchedule searches) {
        this.asked = asked;
        this.account = account;
        this.rate = rate;
        this.breakers = breakers;
        this.suppression = suppression;
        this.searches = searches;
    }

    @Override
    public void addTo(ObjectNode status) {
        addAccount(status.putObject("account"));
        addPace(status.putObject("pace"));
        for (String outbound : asked.outbounds()) {
            add(outbound, status.withArray("/outbounds").addObject());
        }
    }

    private void addAccount(ObjectNode told) {
        if (account.status() != null) {
            ObjectNode status = told.putObject("status").put("code", account.status());
            AccountStatus.ofCode(account.status()).map(ApiCode::apiName).ifPresent(name -> status.put("name", name));
        }
        if (account.credit() != null) {
            told.put("credit", account.credit());
        }
    }

    /** Rates are requests a second. What is not known is left out. */
    private void addPace(ObjectNode pace) {
        putIfFinite(pace, "perSecond", rate.lastAllowed());
        putIfFinite(pace, "limitPerSecond", rate.lastPerSecond());
        if (rate.apiBurst() > 0) {
            putIfFinite(pace, "burst", rate.apiBurst());
        }
    }

    private static void putIfFinite(ObjectNode pace, String name, double number) {
        if (Double.isFinite(number)) {
            pace.put(name, Math.round(10 * number) / 10.0);
        }
    }

    private static void add(ObjectNode told, Suppression.InForce lists) {
        told.put("readAt", lists.readAt().toString());
        told.put("sha256", lists.sha256());
        told.put("numbers", lists.numbers());
        told.put("prefixes", lists.prefixes());
        lists.names().forEach(told.putArray("lists")::add);
    }

    private void add(String outbound, ObjectNode told) {
        AddLeadHolds holds = breakers.holds();
        List<String> why = new ArrayList<>(breakers.blocking().stream()
                .filter(circuit -> circuit.account() || outbound.equals(circuit.outbound()))
                .map(OpenCircuit::reason)
                .toList());
        why.addAll(account.problems());
        boolean paused = holds.pausedOutbounds().contains(outbound);
        told.put("name", outbound);
        told.put("state", !why.isEmpty() ? "stopped" : paused ? "paused" : "ready");
        told.put("paused", paused);
        if (!why.isEmpty()) {
            told.put("why", String.join(" ", why));
        }
        Optional.ofNullable(suppression.inForce(outbound))
                .ifPresent(lists -> add(told.putObject("suppression"), lists));
        searches.next(outbound).ifPresent(next -> told.put("nextSearch", next.toString()));
    }
}
