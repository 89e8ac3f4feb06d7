// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Who does what at the same time, where chance would seldom make it up. Lincheck's own way to say
 * so needs Kotlin.
 */
public final class Scenario {
  private final Class<?> test;
  private final List<List<Actor>> threads = new ArrayList<>();
  private final List<Actor> afterwards = new ArrayList<>();

  /**
   * Nobody does anything yet.
   *
   * @param test whose operations are meant
   */
  public Scenario(Class<?> test) {
    this.test = test;
  }

  /** One of the test's operations with its arguments. */
  public Actor step(String operation, Integer... arguments) {
    return Arrays.stream(test.getMethods())
        .filter(method -> method.getName().equals(operation))
        .filter(method -> method.getParameterCount() == arguments.length)
        .map(method -> new Actor(method, List.of(arguments)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such operation: " + operation));
  }

  /** Another thread does this, one after the other. */
  public Scenario thread(Actor... steps) {
    threads.add(List.of(steps));
    return this;
  }

  /** This is done when all threads have ended. */
  public Scenario afterwards(Actor... steps) {
    afterwards.addAll(List.of(steps));
    return this;
  }

  /** The scenario, with what the test validates in the end. */
  public ExecutionScenario build() {
    Method validation =
        Arrays.stream(test.getMethods())
            .filter(method -> method.isAnnotationPresent(Validate.class))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("nothing to validate: " + test));
    return new ExecutionScenario(List.of(), threads, afterwards, new Actor(validation, List.of()));
  }
}
