// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/**
 * Loggers that count the lines they are given, and write none. Safe for any thread.
 *
 * <p>They keep no threads: the model checker puts back whatever can be reached from static fields,
 * as these can, and fails with its own threads among it.
 */
public final class LogLines implements ILoggerFactory {
  private final Map<Long, Integer> lines = new ConcurrentHashMap<>();

  /** How many lines were logged by threads other than some. */
  int countWithout(Set<Thread> others) {
    Set<Long> left = others.stream().map(Thread::threadId).collect(Collectors.toSet());
    return lines.entrySet().stream()
        .filter(entry -> !left.contains(entry.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @Override
  public Logger getLogger(String name) {
    return new Counting(name, lines);
  }

  /** One logger; what it is told from DEBUG on counts. */
  private static final class Counting extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final transient Map<Long, Integer> lines;

    Counting(String name, Map<Long, Integer> lines) {
      this.name = name;
      this.lines = lines;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
      lines.merge(Thread.currentThread().threadId(), 1, Integer::sum);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return true;
    }

    @Override
    public boolean isDebugEnabled() {
      return true;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
