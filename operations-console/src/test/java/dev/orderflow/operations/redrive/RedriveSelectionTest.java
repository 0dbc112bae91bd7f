package dev.orderflow.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.operations.redrive.RedriveSelection.AllItems;
import dev.orderflow.operations.redrive.RedriveSelection.ItemGroup;
import dev.orderflow.operations.redrive.RedriveSelection.MatchingItems;
import dev.orderflow.operations.redrive.RedriveSelection.NamedItems;
import dev.orderflow.operations.redrive.RedriveSelection.SelectableItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RedriveSelectionTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    @Test
    void allItemsIncludesEveryItemAndMissesNone() {
        var all = new AllItems();
        assertThat(all.includes(item("m1", "g1"))).isTrue();
        assertThat(all.findMissing(List.of())).isEmpty();
        assertThat(all.describe()).isEqualTo("all");
    }

    @Test
    void aGroupIncludesItsItemsAndMissesNone() {
        var group = new ItemGroup("g1");
        assertThat(group.includes(item("m1", "g1"))).isTrue();
        assertThat(group.includes(item("g1", "g2"))).isFalse();
        assertThat(group.findMissing(List.of())).isEmpty();
        assertThat(group.describe()).isEqualTo("group=g1");
    }

    @Test
    void namedItemsIncludeTheirIdsAndMissThoseThatWereNotFound() {
        var named = new NamedItems(List.of("m1", "m2"));
        assertThat(named.includes(item("m1", "g1"))).isTrue();
        assertThat(named.includes(item("m3", "g1"))).isFalse();
        assertThat(named.findMissing(List.of("m2", "m3"))).containsExactly("m1");
        assertThat(named.describe()).isEqualTo("ids=m1,m2");
    }

    @Test
    void aFilterIncludesWhatMatchesAllOfIt() {
        var order = UUID.randomUUID();
        var item =
                new SelectableItem(
                        "m1", "g1", "OrderShipped", "No stock left", Optional.of(order), NOON);
        assertThat(filter("OrderShipped", "no STOCK", order, NOON).includes(item)).isTrue();
        assertThat(filter("OrderShipped", null, null, null).includes(item)).isTrue();
        assertThat(filter("OrderConfirmed", null, null, null).includes(item)).isFalse();
        assertThat(filter(null, "stock", null, null).includes(item)).isFalse();
        assertThat(filter(null, null, UUID.randomUUID(), null).includes(item)).isFalse();
        assertThat(filter(null, null, null, NOON.minusSeconds(1)).includes(item)).isFalse();
        assertThat(filter("OrderShipped", "no", null, null).describe())
                .isEqualTo("filter type=OrderShipped reason=no");
    }

    /// Otherwise a redrive that waits, or continues, would take other items than were chosen.
    @Test
    void everySelectionIsStoredAndReadAsItWas() {
        for (var selection :
                List.of(
                        new AllItems(),
                        new ItemGroup("g1"),
                        new NamedItems(List.of("m1")),
                        filter("OrderShipped", "no stock", UUID.randomUUID(), NOON),
                        filter(null, "no stock", null, null))) {
            var json = JsonMapper.shared().writeValueAsString(StoredSelection.of(selection));
            assertThat(JsonMapper.shared().readValue(json, StoredSelection.class).toSelection())
                    .isEqualTo(selection);
        }
        assertThatThrownBy(() -> new StoredSelection(null, null, null, null).toSelection())
                .isInstanceOf(IllegalStateException.class);
    }

    private static MatchingItems filter(
            @Nullable String type,
            @Nullable String reason,
            @Nullable UUID order,
            @Nullable Instant sentBefore) {
        return new MatchingItems(
                Optional.ofNullable(type),
                Optional.ofNullable(reason),
                Optional.ofNullable(order),
                Optional.ofNullable(sentBefore));
    }

    private static SelectableItem item(String id, String group) {
        return new SelectableItem(id, group, "", "", Optional.empty(), NOON);
    }
}
