// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.dispatch.instance.ArmedInstance;

/** Lets tests in other packages look behind a dispatcher: at gate, pool and worker. */
public final class Serving {
  private Serving() {}

  /** The instance that serves, or did last. */
  public static ArmedInstance of(Dispatcher dispatcher) {
    return dispatcher.current();
  }
}
