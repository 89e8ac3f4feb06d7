// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.dispatch.worker.CallConsumer;

/** A worker that is alive and makes no calls. */
final class AbsentConsumer implements CallConsumer {
  @Override
  public void start() {}

  @Override
  public boolean isCurrent() {
    return false;
  }

  @Override
  public boolean isAlive() {
    return true;
  }

  @Override
  public boolean pump() {
    return false;
  }

  @Override
  public void halt() {}

  @Override
  public boolean join(long nanos) {
    return false;
  }
}
