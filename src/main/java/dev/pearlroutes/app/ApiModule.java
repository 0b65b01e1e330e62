package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.nlpearl.Account;
import dev.pearlroutes.nlpearl.AnswerClassifier;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.LeadFinders;
import dev.pearlroutes.nlpearl.RequestThrottle;
import dev.pearlroutes.nlpearl.ResponseReader;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which requests reach the API: throttle, circuit breakers, paths, and what an answer means. */
final class ApiModule {
    private final Shutdown shutdown;
    private final AdaptiveRate rate;
    private final CircuitBreakers breakers;
    private final AnswerClassifier answers;
    private final ApiPaths paths;
    private final Account account;

    ApiModule(Foundation foundation) {
        Clock clock = foundation.clock();
        this.shutdown = new Shutdown(clock);
        this.rate = new AdaptiveRate(foundation.settings().maxPerSecond(), clock);
        this.breakers = new CircuitBreakers(clock, rate, shutdown);
        this.answers = new AnswerClassifier(clock);
        this.paths = new ApiPaths(foundation.settings().byOutbound(Outbound::id));
        this.account = new Account(
                breakers,
                answers,
                foundation.settings().accountCheck(),
                foundation.settings().creditWarning(),
                clock);
    }

    void bind(Main camel) {
        ResponseReader responses = new ResponseReader(answers, breakers);
        camel.bind("account", account);
        camel.bind("answerClassifier", answers);
        camel.bind("apiPaths", paths);
        camel.bind("circuitBreakers", breakers);
        camel.bind("leadFinders", new LeadFinders(responses));
        camel.bind("requestThrottle", new RequestThrottle(breakers, rate));
        camel.bind("responseReader", responses);
    }

    Shutdown shutdown() {
        return shutdown;
    }

    AdaptiveRate rate() {
        return rate;
    }

    CircuitBreakers breakers() {
        return breakers;
    }

    AnswerClassifier answers() {
        return answers;
    }

    Account account() {
        return account;
    }

    ApiPaths paths() {
        return paths;
    }
}
