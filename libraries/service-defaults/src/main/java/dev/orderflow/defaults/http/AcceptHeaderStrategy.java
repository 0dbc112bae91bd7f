package dev.orderflow.defaults.http;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/// Reads `Accept` with the weight 0, which means "not acceptable" ([RFC 9110,
/// 12.4.2](https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2)). Spring's own strategy takes a
/// media type whatever its weight.
///
/// When the header cannot be read or accepts no media type, only problems count as acceptable: the
/// request is answered with 406, and that problem can be written.
final class AcceptHeaderStrategy implements ContentNegotiationStrategy {

    private static final List<MediaType> PROBLEM_ONLY = List.of(MediaType.APPLICATION_PROBLEM_JSON);

    @Override
    public List<MediaType> resolveMediaTypes(NativeWebRequest request) {
        String @Nullable [] header;
        try {
            header = request.getHeaderValues(HttpHeaders.ACCEPT);
        } catch (RuntimeException _) {
            // A firewall may refuse to read the header. Its refusal is answered with a problem.
            return PROBLEM_ONLY;
        }
        return header == null ? MEDIA_TYPE_ALL_LIST : acceptable(Arrays.asList(header));
    }

    /// The acceptable media types, those of the greatest weight first.
    static List<MediaType> acceptable(List<String> header) {
        List<MediaType> ranges;
        try {
            ranges = MediaType.parseMediaTypes(header);
        } catch (InvalidMediaTypeException _) {
            return PROBLEM_ONLY;
        }
        if (ranges.isEmpty()) {
            return MEDIA_TYPE_ALL_LIST;
        }
        boolean withoutJson = excludesJson(ranges);
        var acceptable =
                ranges.stream()
                        .filter(range -> range.getQualityValue() > 0)
                        .filter(range -> !withoutJson || !includesJson(range))
                        .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
                        .toList();
        return acceptable.isEmpty() ? PROBLEM_ONLY : acceptable;
    }

    static boolean includesJson(MediaType range) {
        return range.includes(MediaType.APPLICATION_JSON);
    }

    /// Whether JSON is not acceptable. If several ranges include JSON, the most specific one
    /// counts.
    private static boolean excludesJson(List<MediaType> ranges) {
        return ranges.stream()
                .filter(AcceptHeaderStrategy::includesJson)
                .max(Comparator.comparingInt(AcceptHeaderStrategy::specificity))
                .filter(range -> range.getQualityValue() == 0)
                .isPresent();
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }
}
