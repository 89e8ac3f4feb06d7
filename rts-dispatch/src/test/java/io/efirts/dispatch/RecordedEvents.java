// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.event.DispatcherListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told. */
final class RecordedEvents implements DispatcherListener {
  private final List<DispatcherEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void on(DispatcherEvent event) {
    events.add(event);
  }

  /** All of one kind so far, in their order. */
  <E extends DispatcherEvent> List<E> all(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The first of its kind, waited for. */
  <E extends DispatcherEvent> E await(Class<E> kind) {
    Eventually.isTrue(
        "event must be told: kind=" + kind.getSimpleName() + ", told=" + events,
        () -> !all(kind).isEmpty());
    return all(kind).getFirst();
  }
}
