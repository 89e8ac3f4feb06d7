// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.watch;

import io.efirts.dispatch.event.DispatcherEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes life-cycle events to the log. What firmware or a caller can repeat at will is written a
 * few times and then left to the counters.
 */
final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.efirts.dispatch");

  /** How often events that can be repeated are written. */
  private static final int REPEATS = 8;

  private int repeated;

  void write(DispatcherEvent event) {
    switch (event) {
      case DispatcherEvent.ModeChanged changed ->
          LOG.info("runtime services mode: from={}, to={}", changed.from(), changed.to());
      case DispatcherEvent.Faulted faulted ->
          LOG.error(
              "firmware faulted, runtime services are disabled: {}",
              faulted.report(),
              faulted.report().thrown());
      case DispatcherEvent.Wedged wedged ->
          LOG.error(
              "firmware hangs, runtime services are disabled: service={}, path={}",
              wedged.service(),
              wedged.path());
      case DispatcherEvent.Seized seized -> LOG.warn("firmware was seized: path={}", seized.path());
      case DispatcherEvent.Rearmed rearmed ->
          LOG.info("a new firmware instance serves: attempt={}", rearmed.attempt());
      case DispatcherEvent.RearmFailed failed ->
          LOG.error("re-arming failed: attempt={}", failed.attempt(), failed.cause());
      case DispatcherEvent.WorkerFailed failed ->
          LOG.error("worker failed in a call; it goes on with the next", failed.thrown());
      case DispatcherEvent.BlockingRefused refused ->
          LOG.warn("blocking call refused, later ones are only counted", refused.stack());
      case DispatcherEvent.CapsuleLost lost ->
          LOG.error("a pending capsule is probably lost: resetType={}", lost.resetType());
      case DispatcherEvent.ContextRepaired repaired ->
          LOG.warn(
              "firmware broke its context: service={}, repaired={}",
              repaired.service(),
              repaired.repairs());
      case DispatcherEvent.HandlerFailed failed -> repeatable("a handler failed", failed.thrown());
      case DispatcherEvent.LateReturn late ->
          repeatable("an abandoned call came back: service=" + late.service(), null);
    }
  }

  private void repeatable(String message, Throwable thrown) {
    if (repeated < REPEATS) {
      repeated++;
      LOG.warn(repeated == REPEATS ? "{}; further ones are only counted" : "{}", message, thrown);
    }
  }
}
