package dev.pearlroutes.ledger;

import com.zaxxer.hikari.HikariDataSource;
import dev.pearlroutes.ledger.tables.Sql;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a ledger's database is asked: every prepared statement, and the most rows that one execution of it changed. */
public final class Statements {
    private static final String EXPLAIN = "EXPLAIN QUERY PLAN ";

    private final Ledger ledger;
    private final Map<String, Integer> mostRows = new ConcurrentHashMap<>();
    private final AtomicInteger executed = new AtomicInteger();

    private Statements(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Listens from now on. */
    public static Statements of(Ledger ledger) throws ReflectiveOperationException {
        Statements statements = new Statements(ledger);
        Field field = Ledger.class.getDeclaredField("engine");
        field.setAccessible(true);
        Object engine = field.get(ledger);
        Field pool = engine.getClass().getDeclaredField("pool");
        pool.setAccessible(true);
        pool.set(engine, statements.listening((HikariDataSource) pool.get(engine)));
        return statements;
    }

    /** How many times a statement or a batch was executed. */
    int executed() {
        return executed.get();
    }

    public Map<String, Integer> mostRows() {
        return mostRows;
    }

    /** How SQLite finds the rows of each statement, by statement. */
    Map<String, List<String>> plans() {
        Map<String, List<String>> plans = new LinkedHashMap<>();
        for (String sql : List.copyOf(mostRows.keySet())) {
            if (!sql.startsWith(EXPLAIN)) {
                plans.put(sql, ledger.transaction(tx -> plan(tx.sql(), sql)));
            }
        }
        return plans;
    }

    private static List<String> plan(Sql database, String sql) {
        Object[] parameters = new Object[(int) sql.chars().filter(c -> c == '?').count()];
        return database.list(EXPLAIN + sql, row -> row.text("detail"), parameters);
    }

    private HikariDataSource listening(HikariDataSource pool) {
        return new HikariDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return listening(pool.getConnection());
            }

            @Override
            public void close() {
                pool.close();
            }
        };
    }

    private Connection listening(Connection connection) {
        return proxy(Connection.class, (method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            if (!method.getName().equals("prepareStatement")) {
                return result;
            }
            String sql = (String) arguments[0];
            mostRows.putIfAbsent(sql, 0);
            return listening((PreparedStatement) result, sql);
        });
    }

    private PreparedStatement listening(PreparedStatement statement, String sql) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            Object result = invoke(statement, method, arguments);
            if (method.getName().startsWith("execute")) {
                executed.incrementAndGet();
            }
            if (method.getName().equals("executeUpdate")) {
                mostRows.merge(sql, (Integer) result, Math::max);
            }
            return result;
        });
    }

    @FunctionalInterface
    private interface Call {
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.to(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
