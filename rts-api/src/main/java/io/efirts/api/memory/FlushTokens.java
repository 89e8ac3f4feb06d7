// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import java.util.ArrayList;
import java.util.List;

/** What remains to be flushed after several changes, as one. For one thread at a time. */
public final class FlushTokens implements FlushToken {
  private final List<FlushToken> tokens = new ArrayList<>();

  /** Nothing yet. */
  public FlushTokens() {}

  /**
   * What remains after one more change. Allocates.
   *
   * @param token as the change returned it
   */
  public void add(FlushToken token) {
    if (token != NONE) {
      tokens.add(token);
    }
  }

  /**
   * All of it.
   *
   * @return this, or {@link #NONE} if nothing remains
   */
  public FlushToken orNone() {
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
