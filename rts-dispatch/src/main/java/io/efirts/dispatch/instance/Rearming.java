// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Makes a new firmware instance after the services were disabled, as the policy allows.
 *
 * <p>For the one thread that watches. Blocks while the factory makes an instance and the probe
 * tries it.
 */
public final class Rearming {
  /** Nothing to do until something happens. */
  public static final long NEVER = Long.MAX_VALUE;

  private final Instances instances;
  private final FirmwareFactory factory;
  private final boolean sameFirmware;
  private final RearmPolicy policy;
  private final InstanceSettings settings;
  private final SharedState shared;
  private final BiFunction<ArmedInstance, Long, RuntimeServices> services;

  private ArmedInstance waitingFor;
  private long sinceNanos;
  private int attempts;

  /**
   * Re-arming by a policy.
   *
   * @param instances where the new instance will serve
   * @param factory makes it
   * @param sameFirmware whether the factory gives the same firmware object each time, so that a
   *     wedge is for good
   * @param policy whether and when
   * @param settings how instances are armed
   * @param shared what outlives them
   * @param services makes the typed services of an instance, with a deadline in nanoseconds
   */
  public Rearming(
      Instances instances,
      FirmwareFactory factory,
      boolean sameFirmware,
      RearmPolicy policy,
      InstanceSettings settings,
      SharedState shared,
      BiFunction<ArmedInstance, Long, RuntimeServices> services) {
    this.instances = instances;
    this.factory = factory;
    this.sameFirmware = sameFirmware;
    this.policy = policy;
    this.settings = settings;
    this.shared = shared;
    this.services = services;
  }

  /**
   * Re-arms if the services are disabled and it is time.
   *
   * @param nowNanos the time
   * @return true if the current instance was replaced
   */
  public boolean replaceIfDue(long nowNanos) {
    ArmedInstance disabled = instances.current();
    if (!possible(disabled)) {
      return false;
    }
    if (waitingFor != disabled) {
      waitingFor = disabled;
      sinceNanos = nowNanos;
    }
    if (nowNanos - sinceNanos < pauseNanos()) {
      return false;
    }
    attempts++;
    sinceNanos = nowNanos;
    return attempt(disabled);
  }

  /**
   * How long until {@link #replaceIfDue} will do something.
   *
   * @param nowNanos the time
   * @return nanoseconds, or {@link #NEVER}
   */
  public long nanosLeft(long nowNanos) {
    ArmedInstance current = instances.current();
    if (!possible(current)) {
      return NEVER;
    }
    return waitingFor == current ? pauseNanos() - (nowNanos - sinceNanos) : 0;
  }

  private boolean possible(ArmedInstance instance) {
    return attempts < policy.limit()
        && instance.gate().mode() == DispatcherMode.DISABLED
        && (instance.gate().phase() == GatePhase.FREE
            || instance.gate().phase() == GatePhase.WEDGED && !sameFirmware);
  }

  private long pauseNanos() {
    return TimeUnit.NANOSECONDS.convert(policy.pause());
  }

  private boolean attempt(ArmedInstance disabled) {
    ArmedInstance fresh = null;
    Throwable cause = null;
    try {
      FirmwareInstance made = factory.create();
      if (made == null) {
        throw new IllegalStateException("firmware factory must make an instance: instance=null");
      }
      if (made.failure() != null) {
        throw made.failure();
      }
      fresh = new ArmedInstance(made, settings, shared);
      fresh.consumer().start();
      long timeout = TimeUnit.NANOSECONDS.convert(policy.probeTimeout());
      if (policy.probe().passes(services.apply(fresh, timeout))
          && fresh.gate().mode() == DispatcherMode.OPEN
          && instances.replace(disabled, fresh)) {
        disabled.retire(Outcome.DISABLED);
        shared.observer().count(Counter.REARMS);
        shared.observer().offer(new DispatcherEvent.Rearmed(attempts));
        return true;
      }
    } catch (Throwable thrown) {
      // Whatever it is, the new instance must not be left behind half armed.
      cause = thrown;
    }
    discard(fresh);
    shared.observer().count(Counter.REARM_FAILURES);
    shared.observer().offer(new DispatcherEvent.RearmFailed(attempts, cause));
    return false;
  }

  private static void discard(ArmedInstance fresh) {
    if (fresh != null) {
      fresh.gate().changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED);
      fresh.gate().changeMode(DispatcherMode.DISABLED, DispatcherMode.CLOSED);
      fresh.retire(Outcome.CLOSED);
    }
  }
}
