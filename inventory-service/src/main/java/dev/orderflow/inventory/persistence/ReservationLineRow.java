package dev.orderflow.inventory.persistence;

import jakarta.persistence.Embeddable;

/// A row of the table `reservation_line`.
@Embeddable
record ReservationLineRow(String sku, int quantity) {}
