// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.reset.ResetSequence;

/** Makes the interfaces over whichever firmware instance serves. */
public final class Services {
  private final Instances instances;
  private final ResetSequence reset;
  private final Observer observer;
  private final Watchman watchman;
  private final NonBlockingRuntimeServices nonBlocking;

  /**
   * Services of a dispatcher.
   *
   * @param instances which firmware serves
   * @param reset makes resets
   * @param observer takes what handlers throw
   * @param watchman watches over calls that nobody waits for
   */
  public Services(Instances instances, ResetSequence reset, Observer observer, Watchman watchman) {
    this.instances = instances;
    this.reset = reset;
    this.observer = observer;
    this.watchman = watchman;
    nonBlocking = new DirectRuntimeServices(instances);
  }

  /**
   * The typed services.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public RuntimeServices typed(long timeoutNanos) {
    return new QueuedRuntimeServices(instances::current, reset, timeoutNanos);
  }

  /**
   * The typed services of one instance, whether or not it serves.
   *
   * @param instance which
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services; reset is that of the dispatcher
   */
  public RuntimeServices typedOf(ArmedInstance instance, long timeoutNanos) {
    return new QueuedRuntimeServices(() -> instance, reset, timeoutNanos);
  }

  /**
   * The services by words.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public RuntimeServicesAbi abi(long timeoutNanos) {
    return new QueuedRuntimeServicesAbi(instances::current, reset, timeoutNanos);
  }

  /**
   * The typed services, started.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public AsyncRuntimeServices async(long timeoutNanos) {
    return new StartedRuntimeServices(instances, timeoutNanos, observer, watchman);
  }

  /**
   * The services by words, started.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public AsyncRuntimeServicesAbi asyncAbi(long timeoutNanos) {
    return new StartedRuntimeServicesAbi(instances, timeoutNanos, observer, watchman);
  }

  /**
   * The non-blocking services.
   *
   * @return always the same object
   */
  public NonBlockingRuntimeServices nonBlocking() {
    return nonBlocking;
  }
}
