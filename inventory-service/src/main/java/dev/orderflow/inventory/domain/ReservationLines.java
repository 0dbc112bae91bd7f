package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// What one order wants: each article once, in the order of their skus, so that two orders
/// which share articles always go for them in the same order.
///
/// @param list at least one line and at most [#MAX_LINES]
public record ReservationLines(List<ReservationLine> list) {

    /// Twice what an order may have.
    public static final int MAX_LINES = 2 * Quantity.MAX_LINES;

    public ReservationLines {
        if (list.isEmpty() || list.size() > MAX_LINES) {
            throw new InvalidValueException(
                    "lines", "must be 1 to " + MAX_LINES + " but were " + list.size());
        }
        for (int i = 1; i < list.size(); i++) {
            if (list.get(i - 1).sku().compareTo(list.get(i).sku()) >= 0) {
                throw new IllegalArgumentException("lines must be in the order of their skus");
            }
        }
        list = List.copyOf(list);
    }

    /// Puts lines in order and adds up those of the same article.
    public static ReservationLines of(Collection<ReservationLine> lines) {
        var quantities = new TreeMap<Sku, Integer>();
        lines.forEach(line -> quantities.merge(line.sku(), line.quantity(), Math::addExact));
        return new ReservationLines(
                quantities.entrySet().stream()
                        .map(line -> new ReservationLine(line.getKey(), line.getValue()))
                        .toList());
    }
}
