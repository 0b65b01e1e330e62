package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Answers that name rows, in a program with memory for a hundred of them. */
class RowBudgetTest {
    private final RowBudget budget = new RowBudget(100 * 2_048L);

    @Test
    void aRequestThatCannotBeAnsweredForIsRefused() {
        budget.check(100);
        assertThatThrownBy(() -> budget.check(101)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(422);
            assertThat(refused.problem().detail()).contains("allows 100 rows", "send it in parts");
        });
    }

    @Test
    void answersAreMadeAtTheSameTimeWhileThereIsMemory() throws Exception {
        String both = budget.within(60, 0, () -> {
            try {
                assertThatThrownBy(() -> budget.within(41, 0, () -> "no"))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                refused ->
                                        assertThat(refused.problem().status()).isEqualTo(503));
                return "one " + budget.within(40, 0, () -> "and another");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(both).isEqualTo("one and another");
    }

    @Test
    void whatFailsGivesItsMemoryBack() throws Exception {
        assertThatThrownBy(() -> budget.within(100, 0, () -> {
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class);

        assertThat(budget.within(1_000, 0, () -> "all of it")).isEqualTo("all of it");
    }
}
