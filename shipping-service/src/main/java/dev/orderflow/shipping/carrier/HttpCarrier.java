package dev.orderflow.shipping.carrier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.Carrier;
import dev.orderflow.shipping.arrangement.Parcel;
import dev.orderflow.shipping.domain.TrackingNumber;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The carrier's booking API.
///
/// Its answers are read by hand, because an exception of the client quotes the body it could not
/// use, and that body may repeat the address.
@Component
class HttpCarrier implements Carrier {

    private static final int LARGEST_ANSWER = 64 * 1024;

    /// What an address does not have is left out.
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .changeDefaultPropertyInclusion(
                            any -> any.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    private final RestClient http;

    HttpCarrier(ShippingProperties properties) {
        var api = properties.carrier();
        var requests =
                new JdkClientHttpRequestFactory(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(api.connectTimeout())
                                .build());
        requests.setReadTimeout(api.readTimeout());
        http = RestClient.builder().baseUrl(api.url()).requestFactory(requests).build();
    }

    @Override
    public Booking book(UUID orderId, Parcel parcel) {
        var request = new Request(orderId, parcel.recipient(), parcel.address(), parcel.lines());
        try {
            return http.post()
                    .uri("/bookings")
                    .header("Idempotency-Key", orderId.toString())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(JSON.writeValueAsString(request))
                    .exchangeForRequiredValue((_, answer) -> bookingOf(answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new Booking.Unknown(cause.getClass().getSimpleName());
        }
    }

    @Override
    public Withdrawal withdraw(UUID orderId) {
        try {
            return http.delete()
                    .uri("/bookings/{key}", orderId)
                    .exchangeForRequiredValue((_, answer) -> withdrawalOf(answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new Withdrawal.Unknown(cause.getClass().getSimpleName());
        }
    }

    private static Withdrawal withdrawalOf(ClientHttpResponse answer) throws IOException {
        var status = answer.getStatusCode();
        if (status.isSameCodeAs(HttpStatus.OK)) {
            return new Withdrawal.Withdrawn();
        }
        if (!status.isSameCodeAs(HttpStatus.CONFLICT)) {
            return new Withdrawal.Unknown("answered " + status.value());
        }
        return trackingNumber(answer)
                .<Withdrawal>map(Withdrawal.TooLate::new)
                .orElseGet(() -> new Withdrawal.Unknown("answered without a tracking number"));
    }

    private static Optional<TrackingNumber> trackingNumber(ClientHttpResponse answer)
            throws IOException {
        try {
            var body = answer.getBody().readNBytes(LARGEST_ANSWER);
            var number = JsonMapper.shared().readTree(body).path("trackingNumber");
            return Optional.of(new TrackingNumber(number.stringValue("")));
        } catch (JacksonException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    private static Booking bookingOf(ClientHttpResponse answer) throws IOException {
        var status = answer.getStatusCode();
        if (status.isSameCodeAs(HttpStatus.UNPROCESSABLE_CONTENT)) {
            return new Booking.Refused();
        }
        if (!status.isSameCodeAs(HttpStatus.CREATED) && !status.isSameCodeAs(HttpStatus.OK)) {
            return new Booking.Unknown("answered " + status.value());
        }
        return trackingNumber(answer)
                .<Booking>map(Booking.Made::new)
                .orElseGet(() -> new Booking.Unknown("answered without a tracking number"));
    }

    private record Request(
            UUID orderId, String recipient, Parcel.Address address, List<Parcel.Line> lines) {

        /// Leaves out where to.
        @Override
        public String toString() {
            return "Request[" + orderId + "]";
        }
    }
}
