package dev.orderflow.localcloud.wire;

import java.io.ByteArrayOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Writes responses in [Smithy RPC v2
/// CBOR](https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html), where a timestamp is
/// a number with tag 1. Clients other than the Java SDK accept no other form.
final class CborResponse {

    private static final CBORMapper CBOR = new CBORMapper();
    private static final int EPOCH_SECONDS = 1;

    private CborResponse() {}

    static byte[] write(JsonNode answer) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = (CBORGenerator) CBOR.createGenerator(bytes)) {
            write(generator, answer, false);
        }
        return bytes.toByteArray();
    }

    private static void write(CBORGenerator generator, JsonNode node, boolean timestamp) {
        if (node.isObject()) {
            generator.writeStartObject();
            for (var member : node.properties()) {
                generator.writeName(member.getKey());
                write(generator, member.getValue(), TimestampMembers.isTimestamp(member.getKey()));
            }
            generator.writeEndObject();
        } else if (node.isArray()) {
            generator.writeStartArray();
            node.forEach(item -> write(generator, item, timestamp));
            generator.writeEndArray();
        } else if (timestamp && node.isNumber()) {
            generator.writeTag(EPOCH_SECONDS);
            generator.writeNumber(node.doubleValue());
        } else {
            CBOR.writeValue(generator, node);
        }
    }
}
