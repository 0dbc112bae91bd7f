package dev.orderflow.shipping.carrier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.domain.TrackingNumber;
import dev.orderflow.shipping.shipment.CarrierClient;
import dev.orderflow.shipping.shipment.Parcel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
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
/// Responses are read without a message converter: its exceptions quote the body, which may contain
/// the address.
@Component
class HttpCarrierClient implements CarrierClient {

    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    /// Omits absent fields of an address.
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .changeDefaultPropertyInclusion(
                            any -> any.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    private final RestClient http;
    private final Duration readTimeout;

    HttpCarrierClient(ShippingProperties properties) {
        var api = properties.carrier();
        var requests =
                new JdkClientHttpRequestFactory(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(api.connectTimeout())
                                .build());
        readTimeout = api.readTimeout();
        requests.setReadTimeout(readTimeout);
        http = RestClient.builder().baseUrl(api.url()).requestFactory(requests).build();
    }

    @Override
    public CarrierBookingResult book(UUID orderId, Parcel parcel) {
        var request =
                new CarrierBookingRequest(
                        orderId, parcel.recipient(), parcel.address(), parcel.lines());
        try {
            return http.post()
                    .uri("/bookings")
                    .header("Idempotency-Key", orderId.toString())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(JSON.writeValueAsString(request))
                    .exchangeForRequiredValue((_, response) -> toCarrierBookingResult(response));
        } catch (ResourceAccessException noResponse) {
            return new CarrierBookingResult.BookingUnknown(
                    FailureDescription.of(noResponse, readTimeout));
        }
    }

    @Override
    public WithdrawalResult withdraw(UUID orderId) {
        try {
            return http.delete()
                    .uri("/bookings/{key}", orderId)
                    .exchangeForRequiredValue((_, response) -> toWithdrawalResult(response));
        } catch (ResourceAccessException noResponse) {
            return new WithdrawalResult.WithdrawalUnknown(
                    FailureDescription.of(noResponse, readTimeout));
        }
    }

    private static WithdrawalResult toWithdrawalResult(ClientHttpResponse response)
            throws IOException {
        var status = response.getStatusCode();
        if (status.isSameCodeAs(HttpStatus.OK)) {
            return new WithdrawalResult.WithdrawalConfirmed();
        }
        if (!status.isSameCodeAs(HttpStatus.CONFLICT)) {
            return new WithdrawalResult.WithdrawalUnknown(
                    FailureDescription.describeStatus(status.value()));
        }
        return readTrackingNumber(response)
                .<WithdrawalResult>map(WithdrawalResult.WithdrawalTooLate::new)
                .orElseGet(
                        () ->
                                new WithdrawalResult.WithdrawalUnknown(
                                        "no tracking number in the response"));
    }

    private static Optional<TrackingNumber> readTrackingNumber(ClientHttpResponse response)
            throws IOException {
        try {
            var body = response.getBody().readNBytes(MAX_RESPONSE_BYTES);
            var number = JsonMapper.shared().readTree(body).path("trackingNumber");
            return Optional.of(new TrackingNumber(number.stringValue("")));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static CarrierBookingResult toCarrierBookingResult(ClientHttpResponse response)
            throws IOException {
        var status = response.getStatusCode();
        if (status.isSameCodeAs(HttpStatus.UNPROCESSABLE_CONTENT)) {
            return new CarrierBookingResult.BookingRejected();
        }
        if (!status.isSameCodeAs(HttpStatus.CREATED) && !status.isSameCodeAs(HttpStatus.OK)) {
            return new CarrierBookingResult.BookingUnknown(
                    FailureDescription.describeStatus(status.value()));
        }
        return readTrackingNumber(response)
                .<CarrierBookingResult>map(CarrierBookingResult.BookingConfirmed::new)
                .orElseGet(
                        () ->
                                new CarrierBookingResult.BookingUnknown(
                                        "no tracking number in the response"));
    }

    private record CarrierBookingRequest(
            UUID orderId,
            String recipient,
            Parcel.ParcelAddress address,
            List<Parcel.ParcelLine> lines) {

        /// Omits personal data.
        @Override
        public String toString() {
            return "CarrierBookingRequest[" + orderId + "]";
        }
    }
}
