package dev.orderflow.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.redrive.RedriveSelection.AllItems;
import dev.orderflow.operations.redrive.RedriveSelection.ItemGroup;
import dev.orderflow.operations.redrive.RedriveSelection.NamedItems;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedriveSelectionTest {

    @Test
    void allItemsIncludesEveryItemAndMissesNone() {
        var all = new AllItems();
        assertThat(all.includes("m1", "g1")).isTrue();
        assertThat(all.findMissing(List.of())).isEmpty();
        assertThat(all.describe()).isEqualTo("all");
    }

    @Test
    void aGroupIncludesItsItemsAndMissesNone() {
        var group = new ItemGroup("g1");
        assertThat(group.includes("m1", "g1")).isTrue();
        assertThat(group.includes("g1", "g2")).isFalse();
        assertThat(group.findMissing(List.of())).isEmpty();
        assertThat(group.describe()).isEqualTo("group=g1");
    }

    @Test
    void namedItemsIncludeTheirIdsAndMissThoseThatWereNotFound() {
        var named = new NamedItems(List.of("m1", "m2"));
        assertThat(named.includes("m1", "g1")).isTrue();
        assertThat(named.includes("m3", "g1")).isFalse();
        assertThat(named.findMissing(List.of("m2", "m3"))).containsExactly("m1");
        assertThat(named.describe()).isEqualTo("ids=m1,m2");
    }
}
