package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// The lines of a reservation: each article once, sorted by SKU, so that orders which share
/// articles lock them in the same order.
///
/// @param list 1 to [#MAX_LINES] lines
public record ReservationLines(List<ReservationLine> list) {

    /// Twice the number of lines that an order may have.
    public static final int MAX_LINES = 2 * Quantity.MAX_LINES;

    public ReservationLines {
        if (list.isEmpty() || list.size() > MAX_LINES) {
            throw new InvalidValueException(
                    "lines", "must have 1 to " + MAX_LINES + " elements but had " + list.size());
        }
        for (int i = 1; i < list.size(); i++) {
            if (list.get(i - 1).sku().compareTo(list.get(i).sku()) >= 0) {
                throw new IllegalArgumentException(
                        "lines must be sorted by SKU without duplicates");
            }
        }
        list = List.copyOf(list);
    }

    /// Sorts lines and adds up those of the same article.
    public static ReservationLines of(Collection<ReservationLine> lines) {
        var quantities = new TreeMap<Sku, Integer>();
        lines.forEach(line -> quantities.merge(line.sku(), line.quantity(), Math::addExact));
        return new ReservationLines(
                quantities.entrySet().stream()
                        .map(line -> new ReservationLine(line.getKey(), line.getValue()))
                        .toList());
    }
}
