// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.memory.FlushToken;
import java.util.ArrayList;
import java.util.List;

/** What remains to be flushed after several changes, as one. */
final class FlushTokens implements FlushToken {
  private final List<FlushToken> tokens = new ArrayList<>();

  FlushTokens() {}

  void add(FlushToken token) {
    if (token != NONE) {
      tokens.add(token);
    }
  }

  /** This, or nothing if nothing remains. */
  FlushToken orNone() {
    return tokens.isEmpty() ? NONE : this;
  }

  @Override
  public void flush() {
    tokens.forEach(FlushToken::flush);
  }

  @Override
  public void ignore() {
    tokens.forEach(FlushToken::ignore);
  }
}
