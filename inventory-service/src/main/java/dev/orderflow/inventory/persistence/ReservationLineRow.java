package dev.orderflow.inventory.persistence;

import jakarta.persistence.Embeddable;

/// A reservation's line as its table has it.
@Embeddable
record ReservationLineRow(String sku, int quantity) {}
