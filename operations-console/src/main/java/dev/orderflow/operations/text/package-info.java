/// Text of people and of other systems, made safe to show.
@NullMarked
package dev.orderflow.operations.text;

import org.jspecify.annotations.NullMarked;
