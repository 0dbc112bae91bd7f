package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.Digests;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Message attributes: rules, size and digest ("Amazon SQS message metadata" in its guide).
final class SqsMessageAttributes {

    private static final int MOST = 10;
    private static final int LONGEST_NAME = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern RESERVED = Pattern.compile("(?i)(aws|amazon)\\..*");
    private static final Pattern TYPE = Pattern.compile("(String|Number|Binary)(\\..+)?");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

    /// [Valid characters](https://www.w3.org/TR/REC-xml/#charsets) of bodies and values.
    private static final Pattern VALID_TEXT =
            Pattern.compile(
                    "[\\x09\\x0A\\x0D\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]*+");

    private static final String TRACE_HEADER = "AWSTraceHeader";

    private SqsMessageAttributes() {}

    /// @throws AwsErrorException for the first invalid attribute
    static Map<String, JsonNode> read(JsonNode attributes) {
        if (attributes.size() > MOST) {
            throw SqsErrors.invalidParameter(
                    "Number of message attributes [%d] exceeds the allowed maximum [%d]."
                            .formatted(attributes.size(), MOST));
        }
        var read = new LinkedHashMap<String, JsonNode>();
        for (var attribute : attributes.properties()) {
            requireName(attribute.getKey());
            read.put(
                    attribute.getKey(), value(attribute.getKey(), attribute.getValue(), "(user) "));
        }
        return read;
    }

    /// @throws AwsErrorException if it is not `AWSTraceHeader`, the only system attribute that can
    ///     be sent
    static Map<String, JsonNode> readSystem(JsonNode attributes) {
        var read = new LinkedHashMap<String, JsonNode>();
        for (var attribute : attributes.properties()) {
            var name = attribute.getKey();
            if (!name.equals(TRACE_HEADER)) {
                throw SqsErrors.invalidParameter(
                        "Message system attribute name '%s' is invalid.".formatted(name));
            }
            if (!attribute.getValue().path("DataType").asString("").equals("String")) {
                throw SqsErrors.invalidParameter(
                        "The type of message system attribute '%s' is invalid. You must use only the following supported type prefixes: String."
                                .formatted(name));
            }
            read.put(name, value(name, attribute.getValue(), "system "));
        }
        return read;
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw SqsErrors.invalidParameter("Message attribute name can not be empty.");
        }
        if (name.length() > LONGEST_NAME) {
            throw SqsErrors.invalidParameter(
                    "Message attribute name must be shorter than 256 bytes.");
        }
        if (!NAME.matcher(name).matches()) {
            throw SqsErrors.invalidParameter(
                    "The message attribute name '%s' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters."
                            .formatted(name));
        }
        if (RESERVED.matcher(name).matches()
                || name.startsWith(".")
                || name.endsWith(".")
                || name.contains("..")) {
            throw SqsErrors.invalidParameter(
                    "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they can't start or end with '.', and they can't have '.'s in succession.");
        }
    }

    private static JsonNode value(String name, JsonNode attribute, String kind) {
        var type = attribute.path("DataType").asString("");
        if (type.isEmpty()) {
            throw SqsErrors.invalidParameter(
                    "The message attribute '%s' must contain non-empty message attribute type."
                            .formatted(name));
        }
        if (type.length() > LONGEST_NAME || !TYPE.matcher(type).matches()) {
            throw SqsErrors.invalidParameter(
                    "The type of message %sattribute '%s' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
                            .formatted(kind, name));
        }
        boolean binary = isBinary(type);
        var text = attribute.path("StringValue").asString("");
        var bytes = attribute.path("BinaryValue").asString("");
        if (binary ? !text.isEmpty() : !bytes.isEmpty()) {
            throw SqsErrors.invalidParameter(
                    "The message %sattribute '%s' with type '%s' must use field '%s'."
                            .formatted(kind, name, base(type), binary ? "Binary" : "String"));
        }
        if (binary ? bytes.isEmpty() : text.isEmpty()) {
            throw SqsErrors.invalidParameter(
                    "The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'."
                            .formatted(name, base(type)));
        }
        var kept = JsonNodeFactory.instance.objectNode();
        if (binary) {
            kept.put("BinaryValue", Base64.getEncoder().encodeToString(decode(name, bytes)));
        } else {
            if (base(type).equals("Number") && !isNumber(text)) {
                throw SqsErrors.invalidParameter(
                        "Can't cast the value of message %sattribute '%s' to a number."
                                .formatted(kind, name));
            }
            if (!isValidText(text)) {
                throw SqsErrors.invalidContents();
            }
            kept.put("StringValue", text);
        }
        return kept.put("DataType", type);
    }

    private static byte[] decode(String name, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw SqsErrors.invalidParameter(
                    "The value of the message attribute '%s' is not Base64.".formatted(name));
        }
    }

    /// A number of up to 38 digits between -10^128 and 10^126.
    private static boolean isNumber(String text) {
        if (text.length() > LONGEST_NAME || !NUMBER.matcher(text).matches()) {
            return false;
        }
        var number = new BigDecimal(text).abs();
        return number.signum() == 0
                || number.precision() - number.scale() <= 129
                        && number.stripTrailingZeros().precision() <= 38;
    }

    static boolean isValidText(String text) {
        return VALID_TEXT.matcher(text).matches();
    }

    private static boolean isBinary(String type) {
        return base(type).equals("Binary");
    }

    private static String base(String type) {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    /// The bytes of names, types and values, which count towards the message size.
    static int size(Map<String, JsonNode> attributes) {
        int size = 0;
        for (var attribute : attributes.entrySet()) {
            size += bytes(attribute.getKey()).length;
            size += bytes(attribute.getValue().path("DataType").asString()).length;
            size += valueOf(attribute.getValue()).length;
        }
        return size;
    }

    private static byte[] valueOf(JsonNode attribute) {
        var binary = attribute.path("BinaryValue");
        return binary.isString()
                ? Base64.getDecoder().decode(binary.stringValue())
                : bytes(attribute.path("StringValue").asString());
    }

    /// The digest that SDKs verify, over the attributes sorted by name.
    static String md5(Map<String, JsonNode> attributes) {
        var digest = Digests.create("MD5");
        new TreeMap<>(attributes)
                .forEach(
                        (name, attribute) -> {
                            update(digest, bytes(name));
                            var type = attribute.path("DataType").asString();
                            update(digest, bytes(type));
                            digest.update((byte) (isBinary(type) ? 2 : 1));
                            update(digest, valueOf(attribute));
                        });
        return HexFormat.of().formatHex(digest.digest());
    }

    static String md5(String text) {
        return Digests.hex("MD5", text);
    }

    /// The digest for content-based deduplication.
    static String sha256(String text) {
        return Digests.hex("SHA-256", text);
    }

    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
