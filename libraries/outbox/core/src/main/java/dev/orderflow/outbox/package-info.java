/// A transactional outbox on PostgreSQL: events are stored in the transaction of the change that
/// they report, and published to a target afterwards, on any number of instances.
///
/// Guarantee: every stored event is published at least once. The events of one key and target are
/// first published in the sequence in which they were stored: the next one is sent only after the
/// target has accepted the previous one and its row is deleted. An event that the target keeps
/// rejecting for its content is parked with the reason. It holds back the later events of its own
/// key and of no other, and is never deleted unpublished unless an operator discards it.
///
/// Each shard of a target is published by one relay at a time, which holds a lease by the
/// database's clock. The guarantee does not depend on it: two owners of one shard, for example
/// after one was paused and resumes, publish the same event twice, with the same event id and not
/// out of sequence.
///
/// A failure that is not the event's own parks nothing, however long it lasts: an outage, a missing
/// permission, a missing target. Events wait and are retried, and the age of the oldest event
/// grows.
///
/// Limits: a repeat may arrive after later events. The sequence of a key is that of its
/// transactions only if these exclude each other, for example by a row lock or a version check on
/// the entity that the key names, because ids are drawn before the commit.
@NullMarked
package dev.orderflow.outbox;

import org.jspecify.annotations.NullMarked;
