package dev.orderflow.systemtests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Generates requests for an operation, valid ones and ones with an invalid path, query, header or
/// body. The seed determines all of them.
final class FuzzRequests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> NASTY_TEXTS =
            List.of(
                    "",
                    " ",
                    "null",
                    "'; DROP TABLE orders; --",
                    "\" OR 1=1 --",
                    "${jndi:ldap://127.0.0.1/x}",
                    "{{7*7}}#{7*7}%{7*7}",
                    "<script>alert(1)</script>",
                    "../../../../etc/passwd",
                    "a\r\nX-Injected: yes",
                    "a\nb",
                    "\u0000",
                    "\u202Eabc",
                    "\uFFFE\uFFFF",
                    "\uD83D\uDE00 \u0301\u0301 \u0644",
                    "%s%n%x %d",
                    "x".repeat(300),
                    "x".repeat(5_000),
                    "-1",
                    "1e400",
                    "2024-02-30T25:61:61Z",
                    "+999999999-12-31T23:59:59.999999999Z",
                    "-999999999-01-01T00:00:00Z",
                    "00000000-0000-0000-0000-000000000000",
                    "1-1-1-1-1");

    private static final List<String> NASTY_NUMBERS =
            List.of(
                    "0",
                    "-1",
                    "2147483648",
                    "-2147483649",
                    "9223372036854775808",
                    "1.5",
                    "1e2",
                    "1e400",
                    "1E-400",
                    "99999999999999999999999999999999",
                    "0x10",
                    "01",
                    "NaN");

    private static final List<String> NASTY_SEGMENTS =
            List.of(
                    "%00",
                    "%0d%0aX-Injected:%20yes",
                    "%2e%2e",
                    "..",
                    "..;",
                    "a;b=c",
                    "%2f",
                    "%5c",
                    "%ff%fe",
                    "%zz",
                    "%",
                    "%C0%AE",
                    "%27%20OR%201=1",
                    "{x}",
                    "a|b",
                    "\u00e9",
                    "%E2%80%AE",
                    "*",
                    "",
                    ".",
                    "x".repeat(3_000));

    private static final List<String> NASTY_HEADERS =
            List.of(
                    "X-Forwarded-For: 127.0.0.1, ' OR 1=1",
                    "X-Forwarded-Prefix: /internal",
                    "X-Original-URL: /internal/orders",
                    "X-HTTP-Method-Override: DELETE",
                    "Accept: text/html",
                    "Accept: nonsense",
                    "Accept: */*;q=x",
                    "Accept-Language: ${x},*;q=2",
                    "Accept-Encoding: gzip;q=nan",
                    "traceparent: 00-zz-zz-zz",
                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "tracestate: " + "a=b,".repeat(100),
                    "baggage: x=%0d%0a",
                    "Range: bytes=0-1,5-",
                    "If-None-Match: \"x\"",
                    "If-Modified-Since: yesterday",
                    "Expect: 200-ok",
                    "Cookie: JSESSIONID=../../x; a=\"",
                    "Origin: null",
                    "Idempotency-Key: a b",
                    "Idempotency-Key: \u00fc",
                    "Content-Encoding: gzip",
                    "X-Nasty: \u0001\u007f",
                    "X Nasty: x",
                    ": x",
                    "X-Folded: a\r\n b",
                    "X-Long: " + "x".repeat(12_000),
                    "X-Longer: " + "x".repeat(40_000));

    private static final List<String> CONTENT_TYPES =
            List.of(
                    "text/plain",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "application/json; charset=utf-16",
                    "application/json; charset=nonsense",
                    "nonsense",
                    "application/json, application/json",
                    "");

    private final Random random;
    private final List<String> orders;
    private final List<String> articles;
    private final Map<String, String> authorization;

    /// @param orders ids of existing orders
    /// @param articles SKUs of existing articles
    /// @param authorization the header of an authorised caller, by the first segment of the path
    FuzzRequests(
            long seed,
            List<String> orders,
            List<String> articles,
            Map<String, String> authorization) {
        this.random = new Random(seed);
        this.orders = orders;
        this.articles = articles;
        this.authorization = authorization;
    }

    /// A request, and whether its path and method are still those of its operation.
    record FuzzRequest(RawHttp.Request request, boolean faithful) {}

    /// Generates the next request for an operation.
    FuzzRequest request(OpenApiOperation target) {
        // A third each: valid structure with random values, one defect, any number of defects.
        int mood = random.nextInt(3);
        boolean wrongPath = wrong(mood, 0);
        boolean wrongQuery = wrong(mood, 1);
        boolean wrongHead = wrong(mood, 2);
        boolean wrongBody = wrong(mood, 3);
        var headers = new ArrayList<String>();
        headers.add("Host: 127.0.0.1");
        headers.add("Connection: close");
        var credentials =
                authorization.get(target.path().startsWith("/internal") ? "internal" : "public");
        if (!wrongHead || random.nextInt(4) > 0) {
            headers.add(credentials);
        } else {
            headers.add(any(List.of("X-Api-Key: x", "Authorization: Bearer a.b.c", "X: y")));
        }
        if (!wrongHead || random.nextBoolean()) {
            headers.add("Idempotency-Key: " + key());
        }
        if (wrongHead) {
            headers.add(any(NASTY_HEADERS));
        }
        var body = body(target, wrongBody);
        if (body.length > 0 || target.method().equals("POST") || target.method().equals("PUT")) {
            headers.add("Content-Length: " + body.length);
            if (wrongHead && random.nextInt(3) == 0) {
                headers.add("Content-Type: " + any(CONTENT_TYPES));
            } else {
                headers.add("Content-Type: application/json");
            }
        }
        var line =
                method(target, wrongPath)
                        + " "
                        + path(target, wrongPath)
                        + query(target, wrongQuery);
        return new FuzzRequest(
                new RawHttp.Request(target.service(), line, headers, body), !wrongPath);
    }

    private boolean wrong(int mood, int place) {
        return switch (mood) {
            case 0 -> false;
            case 1 -> random.nextInt(4) == place;
            default -> random.nextInt(3) == 0;
        };
    }

    private String method(OpenApiOperation target, boolean wrong) {
        return wrong && random.nextInt(4) == 0
                ? any(List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"))
                : target.method();
    }

    private String path(OpenApiOperation target, boolean wrong) {
        var path = new StringBuilder();
        for (var segment : target.path().substring(1).split("/")) {
            path.append('/');
            if (segment.startsWith("{")) {
                path.append(wrong && random.nextBoolean() ? any(NASTY_SEGMENTS) : named(segment));
            } else {
                path.append(segment);
            }
        }
        if (wrong && random.nextInt(3) == 0) {
            UnaryOperator<String> trick =
                    any(
                            List.<UnaryOperator<String>>of(
                                    it -> it + "/",
                                    it -> "/" + it,
                                    it -> it.replaceFirst("/", "//"),
                                    it -> it + "/../" + any(NASTY_SEGMENTS),
                                    it -> it + ";x=y",
                                    it -> it + ".json",
                                    it -> it.replace("e", "%65"),
                                    String::toUpperCase,
                                    it -> it + "/" + any(NASTY_SEGMENTS)));
            return trick.apply(path.toString());
        }
        return path.toString();
    }

    private String named(String segment) {
        var name = segment.toLowerCase(Locale.ROOT);
        if (name.contains("sku")) {
            return random.nextInt(4) == 0 ? "NO-SUCH" : any(articles);
        }
        if (name.contains("id")) {
            return random.nextInt(3) == 0 ? uuid() : any(orders);
        }
        return any(List.of("shipping-requests", "notifications", "analytics", "x", uuid()));
    }

    private String query(OpenApiOperation target, boolean wrong) {
        var query = new StringBuilder();
        for (var parameter : target.operation().path("parameters")) {
            if (!parameter.path("in").asString("").equals("query") || random.nextInt(3) == 0) {
                continue;
            }
            var value =
                    wrong
                            ? encoded(any(random.nextBoolean() ? NASTY_TEXTS : NASTY_NUMBERS))
                            : sound(target, parameter.path("schema"));
            query.append(query.isEmpty() ? '?' : '&')
                    .append(parameter.path("name").asString())
                    .append('=')
                    .append(value);
            if (wrong && random.nextInt(4) == 0) {
                query.append('&').append(parameter.path("name").asString()).append("=2");
            }
        }
        if (wrong && random.nextInt(4) == 0) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(
                            any(
                                    List.of(
                                            "x=%zz",
                                            "%00=1",
                                            "a[]=1&a[]=2",
                                            "=&&=",
                                            "x=%0d%0aX-Injected:1")));
        }
        return query.toString();
    }

    private String sound(OpenApiOperation target, JsonNode schema) {
        var value = instance(target, schema, 0);
        return encoded(value.isString() ? value.stringValue() : value.toString());
    }

    private byte[] body(OpenApiOperation target, boolean wrong) {
        var schema = target.bodySchema();
        if (schema.isMissingNode()) {
            return wrong && random.nextBoolean() ? utf8(any(NASTY_TEXTS)) : new byte[0];
        }
        var sound = instance(target, schema, 0);
        if (!wrong) {
            return utf8(sound.toString());
        }
        var text = sound.toString();
        return switch (random.nextInt(12)) {
            case 0 -> utf8(text.substring(0, random.nextInt(text.length() + 1)));
            case 1 -> utf8(text + any(List.of("}", "{}", ",", "\u0000", text)));
            case 2 -> utf8("[".repeat(1 + random.nextInt(3_000)));
            case 3 -> utf8("{\"a\":".repeat(1 + random.nextInt(2_000)) + "1");
            case 4 ->
                    utf8(
                            any(
                                    List.of(
                                            "null",
                                            "true",
                                            "42",
                                            "[]",
                                            "\"x\"",
                                            "{}",
                                            "",
                                            "NaN",
                                            "\uFEFF{}")));
            case 5 -> repeatedField(text);
            case 6 -> text.replace("e", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
            case 7 -> text.getBytes(StandardCharsets.UTF_16);
            case 8 -> utf8(text.replaceFirst("\\d+", any(NASTY_NUMBERS)));
            case 9 -> utf8(text + " ".repeat(70_000));
            default -> utf8(spoilt(sound).toString());
        };
    }

    private static byte[] repeatedField(String text) {
        int comma = text.indexOf(',');
        return utf8(
                comma < 0 || !text.startsWith("{")
                        ? text
                        : text.substring(0, comma + 1) + text.substring(1));
    }

    /// Replaces one value, or adds another one beside it.
    private JsonNode spoilt(JsonNode sound) {
        if (sound instanceof ObjectNode object && !object.isEmpty() && random.nextInt(5) > 0) {
            var names = List.copyOf(object.propertyNames());
            var name = any(names);
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.put("unknown-" + random.nextInt(100), 1);
                case 2 -> object.set(name, spoilt(object.path(name)));
                default -> object.set(name, anything());
            }
            return object;
        }
        if (sound.isArray() && !sound.isEmpty() && random.nextBoolean()) {
            var array = JSON.createArrayNode();
            for (int i = 0; i < 1 + random.nextInt(200); i++) {
                array.add(sound.path(0));
            }
            return array;
        }
        return anything();
    }

    private JsonNode anything() {
        return switch (random.nextInt(7)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextLong());
            case 3 -> JSON.createArrayNode().add(1).add("x");
            case 4 -> JSON.createObjectNode().put("x", 1);
            default -> JSON.getNodeFactory().stringNode(any(NASTY_TEXTS));
        };
    }

    /// A value that the schema allows or almost allows.
    private JsonNode instance(OpenApiOperation target, JsonNode unresolved, int depth) {
        var schema = target.resolved(unresolved);
        if (schema.path("enum").isArray()) {
            return schema.path("enum").path(random.nextInt(schema.path("enum").size()));
        }
        var type = schema.path("type").isArray() ? schema.at("/type/0") : schema.path("type");
        return switch (type.asString("")) {
            case "object" -> {
                var object = JSON.createObjectNode();
                if (depth < 8) {
                    schema.path("properties")
                            .forEachEntry(
                                    (name, property) ->
                                            object.set(
                                                    name, byName(target, name, property, depth)));
                }
                yield object;
            }
            case "array" -> {
                var array = JSON.createArrayNode();
                for (int i = 0; i < 1 + random.nextInt(3) && depth < 8; i++) {
                    array.add(instance(target, schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "integer", "number" ->
                    JSON.getNodeFactory()
                            .numberNode(schema.path("minimum").intValue(1) + random.nextInt(5));
            case "boolean" -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            default -> text(schema);
        };
    }

    private JsonNode byName(OpenApiOperation target, String name, JsonNode property, int depth) {
        return switch (name) {
            case "sku" -> JSON.getNodeFactory().stringNode(any(articles));
            case "orderId" -> JSON.getNodeFactory().stringNode(any(orders));
            case "amount" ->
                    JSON.getNodeFactory().stringNode(any(List.of("1.00", "12.50", "0", "9999")));
            case "currency" -> JSON.getNodeFactory().stringNode(any(List.of("EUR", "USD", "JPY")));
            case "email" -> JSON.getNodeFactory().stringNode("ada@example.org");
            case "country" -> JSON.getNodeFactory().stringNode("GB");
            case "paymentMethodId" -> JSON.getNodeFactory().stringNode("pm_card_visa");
            default -> instance(target, property, depth + 1);
        };
    }

    private JsonNode text(JsonNode schema) {
        var text =
                switch (schema.path("format").asString("")) {
                    case "uuid" -> random.nextBoolean() ? any(orders) : uuid();
                    case "date-time" -> "2026-01-0%dT00:00:00Z".formatted(1 + random.nextInt(9));
                    default -> any(List.of("reason", "ada", "EUR", "Blue mug", "2", "x-1"));
                };
        return JSON.getNodeFactory().stringNode(text);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String key() {
        return switch (random.nextInt(4)) {
            case 0 -> any(orders) + ":ReserveInventory";
            case 1 -> any(orders) + ":AuthorizePayment";
            default -> uuid();
        };
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte each : utf8(text)) {
            encoded.append("%%%02X".formatted(each & 0xff));
        }
        return encoded.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
