// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import io.efirts.dispatch.event.DispatcherEvent;

/** Writes events that were left for the embedder into the flight recording too. */
public final class FlightRecorder {
  private FlightRecorder() {}

  /**
   * Writes an event, if a flight recording is on. For the one thread that watches.
   *
   * @param event what happened
   */
  public static void write(DispatcherEvent event) {
    switch (event) {
      case DispatcherEvent.Faulted faulted -> {
        FaultEvent record = new FaultEvent();
        record.report = faulted.report().toString();
        record.commit();
      }
      case DispatcherEvent.ModeChanged changed -> {
        ModeChangeEvent record = new ModeChangeEvent();
        record.from = changed.from().name();
        record.to = changed.to().name();
        record.commit();
      }
      case DispatcherEvent.Seized seized -> {
        SeizeEvent record = new SeizeEvent();
        record.path = seized.path();
        record.commit();
      }
      default -> {}
    }
  }
}
