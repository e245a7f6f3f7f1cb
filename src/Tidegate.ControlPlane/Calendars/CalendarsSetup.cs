using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Calendars;

public static class CalendarsSetup
{
    public static IServiceCollection AddCalendars(this IServiceCollection services) =>
        services
            .AddSingleton<CalendarStore>()
            .AddSingleton<CalendarDesk>()
            .AddSingleton<ICalendars>(provider => provider.GetRequiredService<CalendarStore>());
}
