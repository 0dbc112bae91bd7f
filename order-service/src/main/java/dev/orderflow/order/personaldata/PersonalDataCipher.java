package dev.orderflow.order.personaldata;

import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.PersonalData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Encrypts and decrypts personal data, bound to the id of its order.
@Component
public class PersonalDataCipher {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DataKeys keys;

    PersonalDataCipher(DataKeys keys) {
        this.keys = keys;
    }

    /// Encrypts an order's personal data with the current data key; calls neither KMS nor the
    /// database.
    ///
    /// @throws KeysUnavailableException when no data key is within its limits
    public byte[] encrypt(UUID orderId, PersonalData.AvailablePersonalData data) {
        return encrypt(keys.useEncryptionKey(), orderId, data);
    }

    /// Decrypts an order's personal data. It may call KMS, so do not call it within a transaction.
    ///
    /// @throws KeysUnavailableException when the data key is unavailable
    /// @throws IllegalArgumentException when the envelope was altered or belongs to another order
    public PersonalData.AvailablePersonalData decrypt(UUID orderId, byte[] envelope) {
        return decrypt(
                keys.findDecryptionKey(EncryptedEnvelope.dataKeyId(envelope)), orderId, envelope);
    }

    static byte[] encrypt(DataKey key, UUID orderId, PersonalData.AvailablePersonalData data) {
        return EncryptedEnvelope.encrypt(
                key, JSON.writeValueAsBytes(PersonalDataJson.of(data)), context(orderId));
    }

    static PersonalData.AvailablePersonalData decrypt(DataKey key, UUID orderId, byte[] envelope) {
        return JSON.readValue(
                        EncryptedEnvelope.decrypt(key, envelope, context(orderId)),
                        PersonalDataJson.class)
                .toPersonalData();
    }

    private static String context(UUID orderId) {
        return "orders.personal_data/" + orderId;
    }

    /// The plaintext as JSON. A field that is added later is absent in envelopes from before.
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

        /// Omits all values.
        @Override
        public String toString() {
            return "PersonalDataJson[…]";
        }
    }
}
