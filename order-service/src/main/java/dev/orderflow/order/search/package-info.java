/// The search of orders for operators.
///
/// Guarantee: one statement for each page, whose plan uses indexes for every filter; a cursor stays
/// valid while orders come and change, since ids sort by time and never change. Limit: a filter
/// that few of very many orders match, and that is not selective by an index of its own (shipped
/// orders by amount, for example), reads the primary key from the newest order on.
@NullMarked
package dev.orderflow.order.search;

import org.jspecify.annotations.NullMarked;
