package dev.pearlroutes;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rooms and what each may touch: the table of the architecture page, held against the classes. */
class RoomsTest {
    private static final String HOUSE = "dev.pearlroutes.";
    private static final int MOST_PARAMETERS = 6;

    /** What a room may touch, besides what these may touch themselves, and the model, which all may. */
    static final Map<String, Set<String>> MAY_TOUCH = new TreeMap<>(Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("rows", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("events", Set.of()),
            Map.entry("nlpearl", Set.of()),
            Map.entry("ledger", Set.of("files")),
            Map.entry("mapping", Set.of("rows", "config")),
            Map.entry("intake", Set.of("ledger", "files", "mapping", "events", "nlpearl")),
            Map.entry("recall", Set.of("intake")),
            Map.entry("suppression", Set.of("recall")),
            Map.entry("sending", Set.of("suppression")),
            Map.entry("updates", Set.of("sending")),
            Map.entry("receipts", Set.of("suppression")),
            Map.entry("approval", Set.of("sending", "receipts")),
            Map.entry("calls", Set.of("ledger", "events", "nlpearl", "config")),
            Map.entry("delivery", Set.of("ledger", "events", "nlpearl", "config")),
            Map.entry("messaging", Set.of("approval")),
            Map.entry("ops", Set.of("ledger", "events", "nlpearl")),
            Map.entry("upkeep", Set.of("messaging", "updates", "calls", "delivery")),
            Map.entry("sandbox", Set.of()),
            Map.entry("http", Set.of("upkeep")),
            Map.entry("app", Set.of("http", "ops", "sandbox"))));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pearlroutes");

    @Test
    void eachRoomTouchesWhatItsRowNames() {
        classes().should(touchOnlyWhatTheRoomMay()).check(CLASSES);
    }

    @Test
    void everyPackageIsARoom() {
        assertThat(CLASSES.stream().map(RoomsTest::room).collect(toSet())).isEqualTo(MAY_TOUCH.keySet());
    }

    @Test
    void everyRoomHasItsContract() {
        assertThat(MAY_TOUCH.keySet())
                .allSatisfy(room -> assertThat(CLASSES.contain(HOUSE + room + ".package-info"))
                        .as("package-info of " + room)
                        .isTrue());
    }

    @Test
    void sqlStaysInTheLedger() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOUSE + "ledger..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer.hikari..", "org.flywaydb..")
                .check(CLASSES);
    }

    @Test
    void statementsStayWithTheTables() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOUSE + "ledger..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(HOUSE + "ledger.tables.Sql")
                .check(CLASSES);
    }

    @Test
    void jmsStaysWithMessaging() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOUSE + "messaging..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.jms..", "org.apache.activemq..", "org.apache.artemis..")
                .check(CLASSES);
    }

    @Test
    void noRoomIsHandedAFunctionByTheRoof() {
        classes()
                .that()
                .resideInAPackage(HOUSE + "app..")
                .should(handNoFunctionDown())
                .check(CLASSES);
    }

    @Test
    void constructorsHaveFewParameters() {
        constructors()
                .that(DescribedPredicate.describe(
                        "are not those of records",
                        (JavaConstructor constructor) -> !constructor.getOwner().isRecord()))
                .should(be(DescribedPredicate.describe(
                        "of " + MOST_PARAMETERS + " parameters at most",
                        (JavaConstructor constructor) ->
                                constructor.getParameters().size() <= MOST_PARAMETERS
                                        || constructor.getModifiers().toString().contains("SYNTHETIC"))))
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> touchOnlyWhatTheRoomMay() {
        return new ArchCondition<>("touch only what the row of its room names") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                Set<String> allowed = reach(room(item));
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().startsWith(HOUSE) && !allowed.contains(room(target))) {
                        events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** A function handed down at the roof would be an arrow upward that no import shows. */
    private static ArchCondition<JavaClass> handNoFunctionDown() {
        return new ArchCondition<>("hand no function to another room") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getCodeUnitCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().getPackageName().startsWith(HOUSE))
                        .filter(call -> !room(call.getTargetOwner()).equals("app"))
                        .filter(call ->
                                call.getTarget().getRawParameterTypes().stream().anyMatch(RoomsTest::isFunction))
                        .filter(call -> call.getTarget().resolveMember().stream()
                                .noneMatch(member ->
                                        ((JavaCodeUnit) member).getOwner().isRecord()))
                        .forEach(call -> events.add(SimpleConditionEvent.violated(item, call.getDescription())));
            }
        };
    }

    private static boolean isFunction(JavaClass type) {
        return type.getPackageName().equals("java.util.function") || type.isAnnotatedWith(FunctionalInterface.class);
    }

    private static Set<String> reach(String room) {
        Set<String> reach = new HashSet<>(List.of("model", room));
        MAY_TOUCH.getOrDefault(room, new TreeSet<>()).forEach(each -> reach.addAll(reach(each)));
        return reach;
    }

    private static String room(JavaClass type) {
        String below = type.getPackageName().substring(HOUSE.length());
        return below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
    }
}
