// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.event;

import io.efirts.api.CallResult;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.ContextRepair;
import io.efirts.dispatch.mode.DispatcherMode;
import java.util.List;
import java.util.Set;

/** Something an embedder may want to know. Immutable. */
public sealed interface DispatcherEvent {
  /**
   * The mode changed. Modes that did not last may be missing. Told after the fault that led to it.
   *
   * @param from the mode that was reported last
   * @param to the mode now
   */
  record ModeChanged(DispatcherMode from, DispatcherMode to) implements DispatcherEvent {}

  /**
   * Firmware faulted; the services were disabled before anybody learned of it.
   *
   * @param report what is known
   */
  record Faulted(FaultReport report) implements DispatcherEvent {}

  /**
   * A call did not come back within its limit; the services were disabled.
   *
   * @param service the service that hangs, null for a vendor's entry
   * @param path who made the call: WORKER, BYPASS, RESET or EMERGENCY
   */
  record Wedged(RuntimeService service, String path) implements DispatcherEvent {}

  /**
   * A thread took the firmware although it was disabled or somebody was inside.
   *
   * @param path RESET or EMERGENCY
   */
  record Seized(String path) implements DispatcherEvent {}

  /**
   * An abandoned call came back. From now on firmware does not write to the memory its arguments
   * point to any more.
   *
   * @param service the service, null for a vendor's entry
   * @param vendorEntryPoint the vendor's entry, 0 for a service
   * @param words the argument words
   * @param result what firmware answered, for nobody
   */
  record LateReturn(
      RuntimeService service, long vendorEntryPoint, List<Long> words, CallResult result)
      implements DispatcherEvent {
    /** Copies the words. */
    public LateReturn {
      words = List.copyOf(words);
    }
  }

  /**
   * Firmware broke its context. Reported once for each service and kind.
   *
   * @param service the service, null for a vendor's entry
   * @param repairs what was repaired
   */
  record ContextRepaired(RuntimeService service, Set<ContextRepair> repairs)
      implements DispatcherEvent {
    /** Copies the set. */
    public ContextRepaired {
      repairs = Set.copyOf(repairs);
    }
  }

  /**
   * A blocking call was refused where waiting is forbidden. Reported once, later ones are counted.
   *
   * @param stack where the call was made
   */
  record BlockingRefused(Throwable stack) implements DispatcherEvent {}

  /**
   * A new firmware instance serves.
   *
   * @param attempt which attempt it was, from 1
   */
  record Rearmed(int attempt) implements DispatcherEvent {}

  /**
   * A new firmware instance could not be made or did not pass its probe.
   *
   * @param attempt which attempt it was, from 1
   * @param cause what was thrown, or why it could not be brought into virtual mode; null if the
   *     probe said no
   */
  record RearmFailed(int attempt, Throwable cause) implements DispatcherEvent {}

  /**
   * The worker's own code failed outside firmware.
   *
   * @param thrown how
   */
  record WorkerFailed(Throwable thrown) implements DispatcherEvent {}

  /**
   * A completion handler, reboot hook or reset fallback threw.
   *
   * @param thrown what
   */
  record HandlerFailed(Throwable thrown) implements DispatcherEvent {}

  /**
   * The system is being reset in another way than firmware's, so a capsule that waited for the
   * reset is probably lost.
   *
   * @param resetType the type of reset the capsule needed
   */
  record CapsuleLost(ResetType resetType) implements DispatcherEvent {}
}
