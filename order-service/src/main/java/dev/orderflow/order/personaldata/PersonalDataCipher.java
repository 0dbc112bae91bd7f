package dev.orderflow.order.personaldata;

import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.PersonalData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Makes personal data unreadable and readable again, bound to the order it belongs to.
@Component
public class PersonalDataCipher {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DataKeys keys;

    PersonalDataCipher(DataKeys keys) {
        this.keys = keys;
    }

    /// Seals an order's personal data, without waiting for anybody.
    ///
    /// @throws KeysUnavailableException when there is no key to seal with
    public byte[] encrypt(UUID orderId, PersonalData.AvailablePersonalData data) {
        return encrypt(keys.useEncryptionKey(), orderId, data);
    }

    /// Opens what was sealed. May ask KMS, so not within a transaction.
    ///
    /// @throws KeysUnavailableException when the key cannot be had
    /// @throws IllegalArgumentException when it was altered or is another order's
    public PersonalData.AvailablePersonalData decrypt(UUID orderId, byte[] box) {
        return decrypt(keys.findDecryptionKey(EncryptedEnvelope.dataKeyId(box)), orderId, box);
    }

    static byte[] encrypt(DataKey key, UUID orderId, PersonalData.AvailablePersonalData data) {
        return EncryptedEnvelope.encrypt(
                key, JSON.writeValueAsBytes(PersonalDataJson.of(data)), context(orderId));
    }

    static PersonalData.AvailablePersonalData decrypt(DataKey key, UUID orderId, byte[] box) {
        return JSON.readValue(
                        EncryptedEnvelope.decrypt(key, box, context(orderId)),
                        PersonalDataJson.class)
                .toPersonalData();
    }

    private static String context(UUID orderId) {
        return "orders.personal_data/" + orderId;
    }

    /// What is sealed, as JSON. A field that is added later is missing in what was sealed before.
    private record PersonalDataJson(
            String email,
            String recipient,
            String street,
            @Nullable String postalCode,
            String city,
            String country,
            String paymentMethodId) {

        static PersonalDataJson of(PersonalData.AvailablePersonalData data) {
            var delivery = data.delivery();
            return new PersonalDataJson(
                    delivery.email(),
                    delivery.recipient(),
                    delivery.street(),
                    delivery.postalCode(),
                    delivery.city(),
                    delivery.country(),
                    data.paymentMethodId());
        }

        PersonalData.AvailablePersonalData toPersonalData() {
            return new PersonalData.AvailablePersonalData(
                    new DeliveryDetails(email, recipient, street, postalCode, city, country),
                    paymentMethodId);
        }

        /// Leaves everything out.
        @Override
        public String toString() {
            return "Text[…]";
        }
    }
}
