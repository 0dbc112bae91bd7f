package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.TagRules;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.w3c.dom.Element;

/// Tags of buckets and objects ([limits][1]).
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
final class S3Tags {

    static final int MOST_OF_AN_OBJECT = 10;
    static final int MOST_OF_A_BUCKET = 50;

    private S3Tags() {}

    /// Parses the body of `Put…Tagging`.
    static SequencedMap<String, String> read(byte[] body, int most) {
        return read(S3Xml.root(body, "Tagging"), most);
    }

    /// @param parent element with a `TagSet`
    static SequencedMap<String, String> read(Element parent, int most) {
        var tags = new LinkedHashMap<String, String>();
        var set = S3Xml.child(parent, "TagSet").orElseThrow(S3Errors::malformedXml);
        for (var tag : S3Xml.children(set)) {
            if (!tag.getLocalName().equals("Tag")
                    || S3Xml.child(tag, "Key").isEmpty()
                    || S3Xml.child(tag, "Value").isEmpty()) {
                throw S3Errors.malformedXml();
            }
            add(tags, S3Xml.text(tag, "Key"), S3Xml.text(tag, "Value"), most);
        }
        return tags;
    }

    /// Parses the header `x-amz-tagging`, which has the format of a query string.
    static SequencedMap<String, String> ofHeader(String header) {
        var tags = new LinkedHashMap<String, String>();
        for (var pair : header.split("&")) {
            if (!pair.isEmpty()) {
                var parts = pair.split("=", 2);
                try {
                    add(
                            tags,
                            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                            parts.length < 2
                                    ? ""
                                    : URLDecoder.decode(parts[1], StandardCharsets.UTF_8),
                            MOST_OF_AN_OBJECT);
                } catch (IllegalArgumentException _) {
                    throw S3Errors.invalidArgument(
                            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded"
                                    + " URL query parameters without tag name duplicates.");
                }
            }
        }
        return tags;
    }

    private static void add(Map<String, String> tags, String key, String value, int most) {
        TagRules.require(key, value, S3Tags::invalid);
        if (tags.put(key, value) != null) {
            throw invalid("Cannot provide multiple Tags with the same key");
        }
        if (tags.size() > most) {
            throw AwsErrorException.client(
                    "BadRequest",
                    (most == MOST_OF_AN_OBJECT ? "Object" : "Bucket")
                            + " tags cannot be greater than "
                            + most);
        }
    }

    private static AwsErrorException invalid(String message) {
        return AwsErrorException.client("InvalidTag", message);
    }

    static byte[] write(Map<String, String> tags) {
        return S3Xml.document(
                "Tagging",
                xml ->
                        xml.put(
                                "TagSet",
                                set -> {
                                    for (var tag : tags.entrySet()) {
                                        set.put(
                                                "Tag",
                                                it ->
                                                        it.put("Key", tag.getKey())
                                                                .put("Value", tag.getValue()));
                                    }
                                }));
    }
}
