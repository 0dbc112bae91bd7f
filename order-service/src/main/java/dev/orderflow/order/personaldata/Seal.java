package dev.orderflow.order.personaldata;

import dev.orderflow.order.domain.Delivery;
import dev.orderflow.order.domain.PersonalData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Makes personal data unreadable and readable again, bound to the order it belongs to.
@Component
public class Seal {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DataKeys keys;

    Seal(DataKeys keys) {
        this.keys = keys;
    }

    /// Seals an order's personal data, without waiting for anybody.
    ///
    /// @throws KeysUnavailableException when there is no key to seal with
    public byte[] seal(UUID orderId, PersonalData.Held data) {
        return seal(keys.forSealing(), orderId, data);
    }

    /// Opens what was sealed. May ask KMS, so not within a transaction.
    ///
    /// @throws KeysUnavailableException when the key cannot be had
    /// @throws IllegalArgumentException when it was altered or is another order's
    public PersonalData.Held open(UUID orderId, byte[] box) {
        return open(keys.forOpening(SealedBox.keyOf(box)), orderId, box);
    }

    static byte[] seal(DataKey key, UUID orderId, PersonalData.Held data) {
        return SealedBox.seal(key, JSON.writeValueAsBytes(Text.of(data)), context(orderId));
    }

    static PersonalData.Held open(DataKey key, UUID orderId, byte[] box) {
        return JSON.readValue(SealedBox.open(key, box, context(orderId)), Text.class).toHeld();
    }

    private static String context(UUID orderId) {
        return "orders.personal_data/" + orderId;
    }

    /// What is sealed, as JSON. A field that is added later is missing in what was sealed before.
    private record Text(
            String email,
            String recipient,
            String street,
            @Nullable String postalCode,
            String city,
            String country,
            String paymentMethodId) {

        static Text of(PersonalData.Held data) {
            var delivery = data.delivery();
            return new Text(
                    delivery.email(),
                    delivery.recipient(),
                    delivery.street(),
                    delivery.postalCode(),
                    delivery.city(),
                    delivery.country(),
                    data.paymentMethodId());
        }

        PersonalData.Held toHeld() {
            return new PersonalData.Held(
                    new Delivery(email, recipient, street, postalCode, city, country),
                    paymentMethodId);
        }

        /// Leaves everything out.
        @Override
        public String toString() {
            return "Text[…]";
        }
    }
}
