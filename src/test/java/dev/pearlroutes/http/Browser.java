package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window and without the internet, in which the operator's page is tried. */
final class Browser implements AutoCloseable {
    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one. Where Chromium is not installed the test is skipped and says so; on a build server it fails. */
    static Browser start() {
        Path chromium = installed("chromium", "google-chrome");
        Path chromeDriver = installed("chromedriver");
        boolean there = chromium != null && chromeDriver != null;
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError(
                    "Chromium and its driver are not installed: apt-get install chromium chromium-driver");
        }
        Assumptions.assumeTrue(
                there, "the page is not tried: Chromium and its driver are not installed (chromium, chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new",
                // Chromium refuses to be root with it.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--lang=en-GB",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--window-size=1280,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.WARNING);
        options.setCapability("goog:loggingPrefs", logs);
        System.setProperty(ChromeDriverService.CHROME_DRIVER_EXE_PROPERTY, chromeDriver.toString());
        return new Browser(new ChromeDriver(options));
    }

    private static Path installed(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Opens an address anew, with nothing known of the one before. */
    Browser open(String address) {
        driver.get("about:blank");
        problems();
        driver.get(address);
        return this;
    }

    /** @param width of the screen, of a phone when it is small */
    Browser screen(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        return this;
    }

    /** @param scheme {@code light} or {@code dark}, as the system of the viewer has it */
    Browser scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return this;
    }

    /** @param zone of the viewer, such as {@code Europe/Berlin} */
    Browser zone(String zone) {
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
        return this;
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** The text that is to be seen in a place; empty when there is no such place. */
    String text(String selector) {
        return (String) run("return document.querySelector(arguments[0])?.innerText ?? ''", selector);
    }

    void awaitText(String selector, String... texts) {
        await(String.join(", ", texts) + " in " + selector)
                .untilAsserted(() -> assertThat(text(selector)).contains(texts));
    }

    void awaitNoText(String selector, String text) {
        await("no " + text + " in " + selector)
                .untilAsserted(() -> assertThat(text(selector)).doesNotContain(text));
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** Clicks once it is there and may be clicked: what the page shows changes. */
    void click(String selector) {
        await("click on " + selector)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> {
                    find(selector).click();
                    return true;
                });
    }

    /** Gives the order of a button, and says yes. @param label of the button */
    void order(String label) {
        click("button[aria-label=\"" + label + "\"]");
        click("#ask-yes");
    }

    void press(Keys... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** What has the focus: its text, or its id. */
    String focused() {
        return (String) run("const at = document.activeElement; return at.getAttribute('aria-label') ?? at.id");
    }

    /** Takes a picture of the whole page, or of the screen while a dialog is open. */
    void picture(Path file) {
        Object size = run("const all = document.documentElement; return [all.clientWidth,"
                + " document.querySelector('dialog[open]') ? all.clientHeight : all.scrollHeight]");
        List<?> pixels = (List<?>) size;
        Map<String, Object> answer = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", pixels.get(0), "height", pixels.get(1), "scale", 1)));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode((String) answer.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the browser complains of since it was asked last: scripts that fail, what the page's policy forbids. */
    List<String> problems() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Looks for what keeps people from using the page, by axe; each finding is a line. */
    List<String> barriers() {
        run(script());
        Object found = driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run(document, { resultTypes: ['violations'] }).then("
                + "result => done(result.violations.flatMap(each => each.nodes.map(node =>"
                + " each.id + ': ' + node.html + ' ' + node.failureSummary))), problem => done([String(problem)]));");
        List<String> lines = new ArrayList<>();
        ((List<?>) found).forEach(line -> lines.add(String.valueOf(line)));
        return lines;
    }

    private static String script() {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
