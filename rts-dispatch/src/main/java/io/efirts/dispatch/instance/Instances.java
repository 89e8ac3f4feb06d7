// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.dispatch.mode.DispatcherMode;

/**
 * The firmware instance that serves, and its predecessors.
 *
 * <p>That an instance was replaced is a mode in its own gate's word: a close, a panic and a
 * replacement all change that one word, so exactly one of them comes first, and nobody has to wait
 * for a thread that was stopped in the middle of a replacement.
 *
 * <p>Any thread may ask; nothing blocks or allocates.
 */
public final class Instances {
  /** Where to start looking; the truth is in the gates. */
  private volatile ArmedInstance newest;

  /**
   * One instance.
   *
   * @param first the first that serves
   */
  public Instances(ArmedInstance first) {
    newest = first;
  }

  /**
   * The instance that serves, or did last.
   *
   * @return an instance that was not replaced at this moment
   */
  public ArmedInstance current() {
    ArmedInstance instance = newest;
    while (!instance.gate().acceptsCalls() && instance.gate().mode() == DispatcherMode.REPLACED) {
      instance = instance.successor();
    }
    return instance;
  }

  /**
   * Lets another instance serve. For one thread at a time.
   *
   * @param disabled the current one
   * @param fresh its successor, started
   * @return false if the current one was closed or taken over meanwhile, or somebody is in it
   */
  public boolean replace(ArmedInstance disabled, ArmedInstance fresh) {
    // First: whoever sees the mode follows the link.
    disabled.successor(fresh);
    if (!disabled.gate().replace()) {
      return false;
    }
    newest = fresh;
    return true;
  }
}
